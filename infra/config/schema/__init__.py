"""JSON schemas of the files in `stacks/`, and the reference of all keys, made from the models.

Draft 7, because it is what editors understand best. It ignores what stands beside a `$ref`, so
nothing is referred to. A schema says what one file can know about itself; what takes several
keys, several files or the name of the stack only the program sees (see `load`).
"""
