"""The whole environment on one machine, with the real engine.

`python -m sandbox up` starts emulated AWS and a real Kubernetes control plane, then runs
`pulumi up` on an unchanged stack file; `python -m sandbox down` removes all of it. What the
sandbox writes stands in one directory (see `layout`) and one tool cache (see `toolbox`).
"""
