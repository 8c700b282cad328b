// Evaluates expressions by GitHub's own library: lines of JSON in, one line of JSON for each out.
import { createInterface } from "node:readline";
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { reviver } from "@actions/expressions/data/reviver";
import { truthy } from "@actions/expressions/result";

const constant = (name, value) => ({
  name,
  description: "",
  minArgs: 0,
  maxArgs: 0,
  call: () => new data.BooleanData(value),
});
const functions = [
  constant("always", true),
  constant("success", true),
  constant("failure", false),
  constant("cancelled", false),
];
const contexts = ["github", "needs", "steps", "vars", "env", "inputs", "matrix", "runner"];
const known = new Map(functions.map((item) => [item.name, item]));
const kept = [];

// What is no expression is told apart from one that fails as it is evaluated.
const parsed = (text) => {
  try {
    return new Parser(new Lexer(text).lex().tokens, contexts, functions).parse();
  } catch {
    return undefined;
  }
};
const evaluated = (tree, holds) => {
  if (tree === undefined) return { refused: true };
  try {
    const value = new Evaluator(tree, holds, known).evaluate();
    const shown = value.primitive ? value.coerceString() : "";
    return { kind: data.Kind[value.kind], shown, truthy: truthy(value) };
  } catch (error) {
    return { failed: String(error.message) };
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.context) {
    // A context is kept, for the expressions that name it by its number.
    kept.push(JSON.parse(JSON.stringify(asked.context), reviver));
  } else {
    const tree = parsed(asked.expression);
    const found = asked.among.map((number) => evaluated(tree, kept[number]));
    process.stdout.write(JSON.stringify(found) + "\n");
  }
}
