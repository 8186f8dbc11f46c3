import { copyFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { cached } from "./cache.ts";
import { fetchPackages, librariesIn, loaderIn } from "./debian.ts";
import { MissingTool, type Report, run } from "./run.ts";

/** What a browser may be called on the PATH. */
const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser without windows, and the fonts that its pages are set in. */
const PACKAGES = ["chromium-headless-shell", "fonts-dejavu-core"];

/** The script in an unpacked Chromium that starts it. */
const LAUNCHER = "launch-chromium";

/** A browser that can be driven without a screen. */
export interface Chromium {
  /** What it says of itself. @example "Chromium 142.0.7444.162 built on Debian GNU/Linux" */
  version: string;
  /** How it was come by, for the report. */
  origin: string;
  /** What to start: a program of the PATH or a script, with the browser's own arguments. */
  executable: string;
}

/** For a browser that sees only pages of this machine, and has nobody to tell of itself. */
export const CHROMIUM_ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The browser on the PATH, else Debian's, unpacked beside the system; no rights of root are needed, and the system
 * stays as it is.
 *
 * @throws MissingTool when there is none and none can be fetched
 */
export async function findChromium(report: Report, signal: AbortSignal): Promise<Chromium> {
  for (const program of PROGRAMS) {
    const [version, executable = ""] = await Promise.all([versionOf(program, signal), placeOf(program, signal)]).catch(
      () => [],
    );
    signal.throwIfAborted();
    if (version !== undefined) return { version, origin: "on the PATH", executable };
  }
  const root = await cached(`chromium-debian-${process.arch}`, (folder) => fetchChromium(folder, report, signal)).catch(
    (error) => {
      if (signal.aborted) throw error;
      throw new MissingTool(
        "Chromium was not found and could not be fetched; the page of the report is looked at in a real browser: " +
          "install it so that `chromium` or `google-chrome` is on the PATH, or let apt-get reach deb.debian.org, and " +
          `run this again.\n${error.message}`,
        { cause: error },
      );
    },
  );
  const executable = join(root, LAUNCHER);
  return { version: await versionOf(executable, signal), origin: "Debian's packages", executable };
}

async function versionOf(program: string, signal: AbortSignal): Promise<string> {
  return (await run(program, ["--version"], { signal })).trim();
}

/** Its whole path: who drives the browser does not look at the PATH. */
async function placeOf(program: string, signal: AbortSignal): Promise<string> {
  return (await run("sh", ["-c", 'command -v "$0"', program], { signal })).trim();
}

async function fetchChromium(folder: string, report: Report, signal: AbortSignal): Promise<void> {
  await fetchPackages(PACKAGES, folder, report, signal);
  const libraries = librariesIn(folder);
  const loader = loaderIn(libraries);
  // Chromium looks for its own files beside the program that the kernel started, and that is the loader.
  await copyFile(join(libraries, loader), join(folder, "usr/lib/chromium", loader));
  await writeFile(join(folder, "fonts.conf"), FONTS);
  await writeFile(join(folder, LAUNCHER), launcher(basename(libraries), loader), { mode: 0o755 });
  // It takes its name in the cache only if it runs here.
  await versionOf(join(folder, LAUNCHER), signal);
}

/**
 * Starts Chromium by the loader and on the libraries that came with it; its children are started the same way, none
 * of them by the zygote, which would start what the kernel did, the loader.
 */
function launcher(libraries: string, loader: string): string {
  return `#!/bin/sh
root=$(dirname "$(readlink -f "$0")")
own="$root/usr/lib/chromium"
shared="$root/usr/lib/${libraries}"
export FONTCONFIG_FILE="$root/fonts.conf"
exec "$own/${loader}" --library-path "$own:$shared:$shared/pulseaudio" "$own/chromium-headless-shell" \\
  --no-zygote --browser-subprocess-path="$0" "$@"
`;
}

/** Only the fonts that came along, so that a page looks the same on every machine. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="relative">usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  ${alias("sans-serif", "DejaVu Sans")}
  ${alias("system-ui", "DejaVu Sans")}
  ${alias("serif", "DejaVu Serif")}
  ${alias("monospace", "DejaVu Sans Mono")}
</fontconfig>
`;

function alias(family: string, font: string): string {
  return `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
}
