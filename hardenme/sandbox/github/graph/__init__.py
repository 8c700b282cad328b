"""GraphQL over the same state and the same permissions as REST.

`graphql-core` executes the documents against `schema.graphql`; nothing outside this package
imports it, so that a server that only answers REST never loads it.
"""
