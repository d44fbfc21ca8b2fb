"""What people do in a space: one folder a tool, and none knows another."""
