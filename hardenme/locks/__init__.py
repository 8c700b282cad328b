"""Reads lock files of npm, pnpm, yarn and bun: which versions they resolve; asks nothing."""
