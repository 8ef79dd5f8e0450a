"""The one place where the rooms meet: a settled file goes in, findings and changes come out."""
