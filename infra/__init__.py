"""The program: from one stack file to the resources of an environment."""
