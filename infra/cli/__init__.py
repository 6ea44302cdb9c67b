"""The `mlops` command: `app` lists the commands, each of which is a file."""
