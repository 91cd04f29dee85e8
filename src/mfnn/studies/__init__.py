"""What is asked: one folder a question, with its prediction, its measurement and how both are shown."""
