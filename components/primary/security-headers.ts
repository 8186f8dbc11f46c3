const YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * What a browser is told with every answer of the content, whatever the object itself says: never without TLS,
 * never another type than the declared one, no frame of a stranger's page, no path in a referrer abroad.
 *
 * `preload` stays off: a browser's built-in list is slow to leave ("Strict-Transport-Security").
 */
export const SECURITY_HEADERS = {
  strictTransportSecurity: {
    accessControlMaxAgeSec: 2 * YEAR_SECONDS,
    includeSubdomains: true,
    preload: false,
    override: true,
  },
  contentTypeOptions: { override: true },
  frameOptions: { frameOption: "SAMEORIGIN", override: true },
  referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
} as const;
