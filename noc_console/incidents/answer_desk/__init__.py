"""The answer desk: whom a caller means, how it stands for them, and what may be said."""
