import { Agent } from "node:https";
import { createSecureContext } from "node:tls";

const agents = new Map<string, Agent>();

/**
 * Opens a connection of its own for each request, as health checkers and users do who have nothing to do with each other.
 * What is dear about that on one small machine they share: what they trust is read once, and a session that a server
 * remembers is resumed.
 *
 * @param ca the authority that is trusted, PEM; without one, that of the process
 */
export function strangers(ca = ""): Agent {
  const known = agents.get(ca);
  if (known) return known;
  const agent = new Agent({ keepAlive: false, secureContext: createSecureContext(ca ? { ca } : {}) });
  agents.set(ca, agent);
  return agent;
}
