"""What we look after: servers, groups, expected services, customers and their sites."""
