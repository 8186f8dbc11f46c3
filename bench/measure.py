"""Runs a command and says on its last line what it used, as the kernel counted it for the ended process.

Python, because Node does not tell what a child used; the bench has one for the local AWS anyway.
"""

import json
import os
import signal
import sys
import time

started = time.monotonic()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
signal.signal(signal.SIGTERM, lambda number, frame: os.kill(child, number))
_, status, used = os.wait4(child, 0)
print(
    json.dumps(
        {
            "code": os.waitstatus_to_exitcode(status),
            "seconds": time.monotonic() - started,
            "cpuSeconds": used.ru_utime + used.ru_stime,
            # Kibibytes on Linux.
            "peakBytes": used.ru_maxrss * 1024,
        }
    ),
    file=sys.stderr,
)
