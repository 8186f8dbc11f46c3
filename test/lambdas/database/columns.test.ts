import { expect } from "chai";
import { type Column, checksumOf, loaded, selected } from "../../../lambdas/database/columns.ts";

const id: Column = { name: "id", type: "int" };
const note: Column = { name: "no`te", type: "text", characterSet: "latin1" };
const document: Column = { name: "document", type: "json" };
const place: Column = { name: "place", type: "point" };

describe("a column", () => {
  it("is selected as it is, when its text says all of it", () => {
    for (const type of ["int", "decimal", "double", "datetime", "bit", "blob", "point"]) {
      expect(selected({ name: "no`te", type })).to.equal("`no``te`");
    }
  });
  it("is selected as bytes when it is a text, so that no character is converted", () => {
    expect(selected(note)).to.equal("CAST(`no``te` AS BINARY)");
    expect(selected({ name: "kind", type: "enum", characterSet: "utf16" })).to.equal("CAST(`kind` AS BINARY)");
  });
  it("is selected with more digits when it is a FLOAT", () => {
    expect(selected({ name: "ratio", type: "float" })).to.equal("CONCAT(`ratio` * 1E0)");
  });
  it("is loaded as it comes, but a document, which is made of text only", () => {
    expect(loaded([id, note])).to.equal("(`id`, `no``te`)");
    expect(loaded([id, document, note])).to.equal("(`id`, @v1, `no``te`) SET `document` = CONVERT(@v1 USING utf8mb4)");
  });
  it("counts in the checksum with the bytes that a dump has of it", () => {
    expect(checksumOf([id, note])).to.equal(
      "CAST(IFNULL(SUM(CRC32(CONCAT_WS(X'09', IFNULL(`id`, X'ff4e'), IFNULL(CAST(`no``te` AS BINARY), X'ff4e')))), 0) AS CHAR)",
    );
    expect(checksumOf([place])).to.include("IFNULL(UNHEX(HEX(`place`)), X'ff4e')");
  });
});
