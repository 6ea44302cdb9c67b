"""The policy pack: what every environment must keep to, whoever wrote it.

Nothing here imports the components: a guard does not trust what it guards.
"""
