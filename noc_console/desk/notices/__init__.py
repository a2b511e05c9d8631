"""The page of notices: what customers are told, where each stands, and what needs a person."""
