"""Outside checks: what a server's ports and pages answer to somebody who comes from outside."""
