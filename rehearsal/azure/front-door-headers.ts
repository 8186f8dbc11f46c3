import type { OutgoingHttpHeaders } from "node:http";

/** What a rule does to a header ("Azure Front Door Rules engine actions", modify request and response header). */
export interface HeaderAction {
  headerAction?: string;
  headerName?: string;
  value?: string;
}

/** The headers after all the actions, one after another. */
export function applyHeaders(headers: OutgoingHttpHeaders, actions: HeaderAction[]): OutgoingHttpHeaders {
  const changed = { ...headers };
  for (const { headerAction, headerName = "", value = "" } of actions) {
    const name = headerName.toLowerCase();
    if (headerAction === "Delete") delete changed[name];
    // Appending puts the value behind what is there, with nothing between.
    else changed[name] = headerAction === "Append" ? `${changed[name] ?? ""}${value}` : value;
  }
  return changed;
}
