"""What an account has and a stack file names: AWS is asked whether it offers what is needed.

It is only read. What it does not offer ends the program before anything is made.
"""
