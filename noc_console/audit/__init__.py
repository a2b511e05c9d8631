"""What is checked each month: catalogue, runner, findings, decisions, sign-off, report."""
