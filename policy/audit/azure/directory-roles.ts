/**
 * What a role in the directory (Microsoft Entra ID) leads to ("Microsoft Entra built-in roles"):
 * `everything`, a Global Administrator, or whoever can make one, who may also take on rights over every subscription
 * ("Elevate access to manage all Azure subscriptions and management groups"); `applications`, the credentials of every
 * application, and so all that pipelines are; `passwords`, those of people without a role in the directory.
 */
export type DirectoryPower = "everything" | "applications" | "passwords" | "nothing";

const POWERS: Record<string, DirectoryPower> = {
  "Global Administrator": "everything",
  "Privileged Role Administrator": "everything",
  "Privileged Authentication Administrator": "everything",
  "Partner Tier2 Support": "everything",
  "Application Administrator": "applications",
  "Cloud Application Administrator": "applications",
  "Hybrid Identity Administrator": "applications",
  "External Identity Provider Administrator": "passwords",
  "Domain Name Administrator": "everything",
  "User Administrator": "passwords",
  "Authentication Administrator": "passwords",
  "Helpdesk Administrator": "passwords",
  "Password Administrator": "passwords",
  "Groups Administrator": "passwords",
  "Conditional Access Administrator": "nothing",
  "Security Administrator": "nothing",
  "Security Reader": "nothing",
  "Global Reader": "nothing",
  "Directory Readers": "nothing",
  "Billing Administrator": "nothing",
};

/** @returns undefined for a role that the catalogue lacks */
export function directoryPower(role: string): DirectoryPower | undefined {
  return POWERS[role];
}

/** The names in the catalogue. */
export const DIRECTORY_ROLES: readonly string[] = Object.keys(POWERS);
