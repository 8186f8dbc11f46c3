import { expect } from "chai";
import { unpark } from "../../../lambdas/objects/unpark.ts";
import { RecordedMessages, SteeredMarker, useQuietLog } from "../../support/recorded.ts";
import { rejection } from "../../support/rejection.ts";

describe("what is parked", () => {
  useQuietLog();
  let messages: RecordedMessages;
  let marker: SteeredMarker;
  const bodies = Array.from({ length: 25 }, (_, index) => `message ${index}`);
  const never = Number.POSITIVE_INFINITY;

  beforeEach(() => {
    messages = new RecordedMessages();
    messages.parked.push(...bodies);
    marker = new SteeredMarker();
  });

  it("goes back to the queue, all of it, once nothing is declared", async () => {
    expect(await unpark({ marker, messages }, never)).to.equal(25);
    expect(messages.sent).to.deep.equal(bodies);
    expect(messages.parked).to.be.empty;
  });

  it("stays while the content is declared lost", async () => {
    marker.says = () => true;
    expect(await unpark({ marker, messages }, never)).to.equal(0);
    expect(messages.parked).to.deep.equal(bodies);
  });

  it("stays from the moment on at which it is declared lost again", async () => {
    let asked = 0;
    marker.says = () => ++asked > 1;
    expect(await unpark({ marker, messages }, never)).to.equal(10);
    expect(messages.parked).to.have.length(15);
  });

  it("goes on with the next call when the time of one is up", async () => {
    expect(await unpark({ marker, messages }, performance.now() - 1)).to.equal(0);
    expect(messages.parked).to.have.length(25);
    expect(await unpark({ marker, messages }, never)).to.equal(25);
  });

  it("is nothing to wait for when there is nothing", async () => {
    messages.parked.length = 0;
    expect(await unpark({ marker, messages }, never)).to.equal(0);
  });

  it("stays when the queue does not answer", async () => {
    messages.failure = new Error("the queue does not answer");
    expect((await rejection(unpark({ marker, messages }, never))).message).to.equal("the queue does not answer");
    expect(messages.parked).to.deep.equal(bodies);
  });
});
