"""One file for each family of personal data; all of them read a `Plain` text and yield findings in it."""
