import { expect } from "chai";
import fc from "fast-check";
import { evaluate, type TemplateFunctions } from "../../../rehearsal/azure/template.ts";

describe("the local Azure's template language", () => {
  const functions: TemplateFunctions = {
    concat: (...texts) => texts.join(""),
    parameters: (name) => ({ app: "shop", nested: { deep: { er: "found" } } })[String(name)],
  };

  const good: [expression: string, value: unknown][] = [
    ["plain", "plain"],
    ["[parameters('app')]", "shop"],
    ["[concat(parameters('app'), '/one', 'deploy')]", "shop/onedeploy"],
    ["[concat(concat('a', 'b'),concat())]", "ab"],
    ["[ concat( 'a b' , 'c' ) ]", "a bc"],
    ["[concat('it''s')]", "it's"],
    ["[parameters('nested').deep.er]", "found"],
    ["[['no expression']", "['no expression']"],
    ["[half", "[half"],
  ];
  for (const [expression, value] of good) {
    it(`makes ${value} of ${expression}`, () => {
      expect(evaluate(expression, functions)).to.equal(value);
    });
  }

  it("goes through all that is nested, and leaves the rest as it is", () => {
    const template = { list: ["[parameters('app')]", 1, null], flag: true, inner: { name: "[concat('x')]" } };
    expect(evaluate(template, functions)).to.deep.equal({ list: ["shop", 1, null], flag: true, inner: { name: "x" } });
  });

  const bad: [expression: string, reason: RegExp][] = [
    ["[unknown('x')]", /InvalidTemplate: in \[unknown\('x'\)\]: there is no function unknown/],
    ["[concat('a']", /expected \)/],
    ["[concat]", /expected \(/],
    ["[concat('a') 'b']", /expected the end/],
    ["[concat('a]", /unexpected 'a/],
    ["[]", /ends too early/],
    ["[concat(,)]", /there is no function/],
    ["[parameters('nested').wrong]", /no property wrong/],
  ];
  for (const [expression, reason] of bad) {
    it(`says what is wrong with ${expression}`, () => {
      expect(() => evaluate(expression, functions)).to.throw(reason);
    });
  }

  it("keeps every text in quotes as it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(evaluate(`[concat('${text.replaceAll("'", "''")}')]`, functions)).to.equal(text);
      }),
    );
  });
});
