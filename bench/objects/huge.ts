import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { measure, type Used } from "../process.ts";
import { ours } from "./contestants.ts";

const GIB = 1024 ** 3;

/** What one object larger than any memory took. */
export interface Huge extends Used {
  bytes: number;
}

/**
 * Carries one object of so many GiB, with all in the process that the function has in it. No disk here holds it: the
 * source makes its bytes up, and the target counts and forgets them.
 */
export async function measureHuge(
  gib: number,
  options: { python: string; folder: string; signal: AbortSignal },
): Promise<Huge> {
  const bytes = gib * GIB;
  let taken = 0;
  const source = await listen(giving(bytes));
  const target = await listen(taking((length) => (taken += length)));
  try {
    const program = ours({ whole: true }).program({
      source: { endpoint: source.url, bucket: "huge", accessKeyId: "none", secretAccessKey: "none" },
      target: { endpoint: target.url, container: "copies", sas: "", token: "none" },
      folder: options.folder,
      certificateFile: "",
    });
    if ("missing" in program) throw new Error(program.missing);
    const used = await measure(options.python, program, options.signal);
    if (taken < bytes) throw new Error(`expected ${bytes} bytes to arrive, found ${taken}`);
    return { ...used, bytes };
  } finally {
    for (const { server } of [source, target]) {
      server.closeAllConnections();
      server.close();
    }
  }
}

/** A bucket with one object. */
function giving(bytes: number) {
  const piece = Buffer.alloc(1024 * 1024, 7);
  const entry = `<Contents><Key>huge</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified><ETag>"0-2"</ETag><Size>${bytes}</Size></Contents>`;
  return ({ method, url = "", headers }: IncomingMessage, response: ServerResponse) => {
    if (url.includes("list-type")) {
      response.end(`<ListBucketResult>${entry}</ListBucketResult>`);
      return;
    }
    let left = bytes - Number(/bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
    response.writeHead(headers.range ? 206 : 200, {
      etag: '"0-2"',
      "content-length": left,
      "last-modified": "Sun, 01 Nov 2026 00:00:00 GMT",
    });
    if (method === "HEAD") {
      response.end();
      return;
    }
    const pump = () => {
      while (left > 0) {
        const length = Math.min(left, piece.length);
        left -= length;
        if (!response.write(piece.subarray(0, length))) {
          response.once("drain", pump);
          return;
        }
      }
      response.end();
    };
    pump();
  };
}

/** A container with nothing in it. */
function taking(count: (length: number) => void) {
  return (request: IncomingMessage, response: ServerResponse) => {
    request.on("data", (piece: Buffer) => count(piece.length));
    request.on("end", () => {
      const found = request.method === "PUT";
      response.writeHead(found ? 201 : 404, found ? { etag: '"1"' } : { "x-ms-error-code": "BlobNotFound" });
      response.end();
    });
  };
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; url: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
