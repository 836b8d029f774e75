"""Experiments on the core: the cliff, tasks that need a memory, the race of the cells."""
