"""Who takes part in a space, who witnesses a question, and how it closes."""
