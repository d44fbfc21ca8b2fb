"""Polls as files hold them, in the formats that others read and write."""
