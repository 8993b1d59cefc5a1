"""How large a cluster must be: from what a post costs to machines, and what happens when one fails.

    costs.yaml ──> costs ──> sizing ──> plan ──> report, picture, docs/capacity.md
                                │  ▲
                                ▼  │
                              simulation (SimPy): lag and recovery

Everything here is arithmetic over a file of measured costs; nothing speaks to a server.
"""
