import { expect } from "chai";
import { copiesPlan } from "../../../components/standby/copies-plan.ts";

describe("how copies are kept", () => {
  it("makes content and dumps immutable as they are written, without a lock that would keep their writer's right", () => {
    expect(copiesPlan("content")).to.deep.equal({
      containerName: "content",
      word: "copies",
      immutableWhenWritten: true,
      deleteLock: false,
    });
    expect(copiesPlan("dumps")).to.deep.equal({
      containerName: "dumps",
      word: "dumps",
      immutableWhenWritten: true,
      deleteLock: false,
    });
  });

  it("lets images be written in parts, and locks their account", () => {
    expect(copiesPlan("images")).to.deep.equal({
      containerName: "images",
      word: "images",
      immutableWhenWritten: false,
      deleteLock: true,
    });
  });
});
