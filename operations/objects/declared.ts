import { markerPath } from "../../components/standby/declaration.ts";
import type { Control } from "../database/control.ts";

/**
 * When the content was declared lost; undefined while it is not.
 *
 * @param markerEndpoint where the markers' website answers, with a slash at the end
 * @throws Error when the website does not answer
 */
export async function declaredSince(markerEndpoint: string, signal: AbortSignal): Promise<Date | undefined> {
  const url = new URL(markerPath("content"), markerEndpoint).href;
  const answer = await fetch(url, { method: "HEAD", signal }).catch((error: Error) => error);
  signal.throwIfAborted();
  if (answer instanceof Error)
    throw new Error(`the marker ${url} can't be looked at (${answer.cause ?? answer.message})`);
  if (answer.status === 404) return undefined;
  const modified = new Date(answer.headers.get("last-modified") ?? "");
  if (answer.ok && !Number.isNaN(modified.getTime())) return modified;
  throw new Error(`expected the marker ${url} or 404, found status ${answer.status}`);
}

/**
 * Since when what is written at the standby is its own; undefined while it serves no content. A marker whose text has
 * changed is younger than the declaration, and gone once the names move back; the controller remembers when it began.
 */
export async function ownSince(
  markerEndpoint: string,
  control: Pick<Control, "state">,
  signal: AbortSignal,
): Promise<Date | undefined> {
  const marked = await declaredSince(markerEndpoint, signal);
  // Where the controller can't be asked, the marker alone has to do.
  const { contentSince } = await control.state(signal).catch(() => ({ contentSince: undefined }));
  const noted = contentSince === undefined ? undefined : new Date(contentSince);
  return marked && (!noted || marked < noted) ? marked : noted;
}
