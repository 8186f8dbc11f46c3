import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import type { Journal } from "../../../operations/runbook/journal.ts";
import { takeLease } from "../../../operations/runbook/operation-lease.ts";
import { OPERATOR_BLOB, operatorText } from "../../../operations/runbook/operator.ts";
import { underWay, unfinishedIn } from "../../../operations/status/under-way.ts";
import { useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";
import { operatorsStandby } from "../operators-standby.ts";

const { signal } = new AbortController();
const OPERATOR = { operation: "declare", by: "me@here", startedAt: "2026-11-21T13:00:00.000Z" };

describe("who is at work at the standby", () => {
  const azure = useLocalAzure();
  let container: ContainerClient;

  beforeEach(async () => {
    container = (await operatorsStandby(azure)).control;
  });

  it("is nobody where nobody ever was", async () => {
    expect(await underWay(container, signal)).to.equal(undefined);
  });

  it("is whoever has the sole right to operate, for as long as they have it", async () => {
    const lease = await takeLease(container, OPERATOR, signal);
    expect(await underWay(container, signal)).to.deep.equal(OPERATOR);
    await lease[Symbol.asyncDispose]();
    expect(await underWay(container, signal)).to.equal(undefined);
  });

  it("is somebody, where they have the right and have not said yet who they are", async () => {
    const blob = container.getBlockBlobClient(OPERATOR_BLOB);
    for (const text of ["", "{spoilt", '{"by":"me@here"}']) {
      await blob.upload(text, text.length);
      const lease = blob.getBlobLeaseClient();
      await lease.acquireLease(15);
      expect(await underWay(container, signal), text).to.deep.equal({
        operation: "something",
        by: "somebody",
        startedAt: "unknown",
      });
      await lease.releaseLease();
    }
  });

  it("is nobody who has the right no more, whatever the blob still says", async () => {
    const text = operatorText(OPERATOR);
    await container.getBlockBlobClient(OPERATOR_BLOB).upload(text, text.length);
    expect(await underWay(container, signal)).to.equal(undefined);
  });

  it("can't be told by whoever may not read there", async () => {
    const [account = ""] = new URL(container.url).pathname.split("/").slice(1);
    const failure = await rejection(underWay(azure.containerAs(crypto.randomUUID(), account), signal));
    expect(failure).to.include({ statusCode: 403 });
  });
});

describe("an operation that waits for somebody to go on with it", () => {
  const journal: Journal = {
    ...{ version: 1, name: "failback", workload: "shop", by: "me@here", startedAt: "2026-11-21T13:00:00.000Z" },
    status: "failed",
    steps: [
      { id: "a", title: "Copy it", status: "done" },
      { id: "b", title: "Load it", status: "failed", error: "no room" },
      { id: "c", title: "Move the names", status: "due" },
    ],
  };
  const ended: Journal = { ...journal, status: "done", steps: [] };
  const told = { name: "failback", startedAt: "2026-11-21T13:00:00.000Z" };

  it("is the newest one, where it failed, with the step that failed", () => {
    expect(unfinishedIn([journal, ended], false)).to.deep.equal({
      ...told,
      status: "failed",
      step: "Load it",
      error: "no room",
    });
  });

  it("is the newest one, where it was killed, with the step that was being taken", () => {
    const steps: Journal["steps"] = [{ id: "a", title: "Copy it", status: "running" }];
    expect(unfinishedIn([{ ...journal, status: "running", steps }], false)).to.deep.equal({
      ...told,
      status: "running",
      step: "Copy it",
    });
    expect(unfinishedIn([{ ...journal, status: "running", steps: [] }], false)).to.deep.equal({
      ...told,
      status: "running",
    });
  });

  it("is none where the newest ended well, whatever was before", () => {
    expect(unfinishedIn([ended, journal], false)).to.equal(undefined);
    expect(unfinishedIn([], false)).to.equal(undefined);
  });

  it("is none while somebody is at work", () => {
    expect(unfinishedIn([journal], true)).to.equal(undefined);
  });
});
