/**
 * What both clouds take as the pre-shared key of a tunnel. AWS is the stricter one ("Tunnel options": 8 to 64 letters,
 * digits, `.` and `_`, not beginning with 0); Azure takes all of that. 20 are the fewest here, because whoever hears an
 * exchange may guess at a short one for as long as it takes.
 */
export const PRE_SHARED_KEY = /^(?!0)[A-Za-z0-9._]{20,64}$/;

/** The same in words. */
export const KEY_ALPHABET = "20 to 64 of A-Z a-z 0-9 . _ that do not begin with 0";
