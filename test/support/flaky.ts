import { text } from "node:stream/consumers";
import type { Certificate } from "../../rehearsal/local/certificate.ts";
import { type HttpsService, serveHttps } from "../../rehearsal/local/https.ts";

/** What is answered instead of the real answer. */
export interface Fault {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** Stands before an HTTPS service, and answers in its stead as often as it is told to. */
export class Flaky {
  /** What the next requests get, one each; then the service answers again. */
  readonly faults: Fault[] = [];
  /** What every request gets while it is set. */
  always: Fault | undefined;
  /** Holds back the answer to a request, as method and path. The service has had the request already. */
  hold: ((request: string) => Promise<void>) | undefined;
  /** Every request, as method and path. */
  readonly requests: string[] = [];
  #service: HttpsService | undefined;

  get url(): string {
    return this.#service?.url ?? "";
  }

  async start(behind: string, certificate: Certificate): Promise<void> {
    this.#service = await serveHttps(certificate, async (incoming, outgoing) => {
      const { method = "GET", url = "/", headers } = incoming;
      const request = `${method} ${url.split("?")[0]}`;
      this.requests.push(request);
      const fault = this.always ?? this.faults.shift();
      const body = await text(incoming);
      if (fault) return void outgoing.writeHead(fault.status, fault.headers).end(fault.body);
      const kept = { authorization: headers.authorization ?? "", "content-type": headers["content-type"] ?? "" };
      const answer = await fetch(new URL(url, behind), { method, headers: kept, body: body === "" ? undefined : body });
      await this.hold?.(request);
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
    });
  }

  close(): void {
    this.#service?.close();
  }
}
