"""What is kept between runs: runs, findings, attestations, the journal."""
