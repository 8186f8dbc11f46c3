import type { ServerResponse } from "node:http";

/** A request that the blob service refuses, with Azure's own status and error code. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  /** Headers of the answer besides. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Tells the client why; what is no refusal is a fault that may pass. */
export function refuse(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  const { status, code, message, headers } =
    error instanceof Refused ? error : { status: 503, code: "ServerBusy", message: String(error), headers: {} };
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  // The connection may still carry a body that nobody will read.
  outgoing
    .writeHead(status, { ...headers, "content-type": "application/xml", "x-ms-error-code": code, connection: "close" })
    .end(body);
}
