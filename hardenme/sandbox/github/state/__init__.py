"""What the sandbox's GitHub holds: people, organizations, repositories, rules and tokens."""
