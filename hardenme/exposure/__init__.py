"""Whether a run installed a version or used an action, from its commit's files; asks nothing."""
