"""Where programs meet: the embedded or shared database, its schema, history, orders and checks."""
