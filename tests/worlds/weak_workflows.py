"""Workflow files that have one thing wrong with them, by the check that has to find it."""

from __future__ import annotations

SHA = "8f4b7f84864484a7bf31766abe9204da3cbe65b3"
CHECKOUT = f"actions/checkout@{SHA}"
WORKFLOWS = {
    "GHW201": """on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: {contents: read}
    steps:
      - uses: somebody/some-action@v3
""",
    "GHW202": """on: pull_request_target
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: {contents: read}
    steps:
      - uses: CHECKOUT
        with:
          ref: ${{ github.event.pull_request.head.sha }}
          persist-credentials: false
      - run: make test
""",
    "GHW203": """on: push
permissions: write-all
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
""",
    "GHW204": """on: issues
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-latest
    permissions: {contents: read}
    steps:
      - run: echo "${{ github.event.issue.title }}"
""",
    "GHW205": """on:
  push:
    tags: ['v*']
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: release
    permissions: {contents: read, id-token: write}
    steps:
      - uses: CHECKOUT
        with: {persist-credentials: false}
      - uses: actions/cache@SHA
        with: {path: node_modules, key: modules}
      - run: npm publish --provenance
""",
    "GHW206": """on:
  push:
    tags: ['v*']
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: release
    permissions: {contents: read, id-token: write}
    steps:
      - uses: somebody/release-notes@v1
      - run: npm publish --provenance
""",
    "GHW207": """on: issue_comment
permissions: {}
jobs:
  answer:
    runs-on: ubuntu-latest
    permissions: {contents: write, issues: write}
    steps:
      - uses: anthropics/claude-code-action@SHA
        with:
          anthropic_api_key: ${{ secrets.MODEL_KEY }}
          allowed_non_write_users: "*"
""",
    "GHW209": """on: issue_comment
permissions: {}
cache-mode: write
jobs:
  answer:
    runs-on: ubuntu-latest
    permissions: {issues: write}
    steps:
      - run: gh issue comment "$NUMBER" --body "Thank you."
        env: {NUMBER: "${{ github.event.issue.number }}"}
""",
}
"""As they are written, with `CHECKOUT` and `SHA` to be filled in."""
FROM_BRANCHES = f"""on:
  push:
    branches: [main, next]
permissions: {{}}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: release
    permissions: {{contents: read, id-token: write}}
    steps:
      - uses: {CHECKOUT}
        with: {{persist-credentials: false}}
      - run: npm publish --provenance
"""
"""Publishes what is pushed to a branch beside the default one."""
LOCKED = f"""on: push
permissions: {{}}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: {{contents: read}}
    steps:
      - uses: {CHECKOUT}
        with: {{persist-credentials: false}}
"""
"""Beside a lock file of actions that leaves its action out."""


def workflow_text(code: str) -> bytes:
    """The file for a check."""
    return WORKFLOWS[code].replace("CHECKOUT", CHECKOUT).replace("SHA", SHA).encode()
