"""Whether another process still runs, on every system alike."""

from __future__ import annotations

import os
import sys


def is_alive(process_id: int) -> bool:
    """Whether the process runs. One that may not be looked at counts as running."""
    if process_id <= 0:
        return False
    if sys.platform == "win32":
        return _is_alive_on_windows(process_id)
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _is_alive_on_windows(process_id: int) -> bool:
    # os.kill(pid, 0) would end the process there.
    import ctypes  # noqa: PLC0415 - only Windows needs it

    synchronize, still_waiting, access_denied = 0x00100000, 0x00000102, 5
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]  # Windows only
    handle = kernel.OpenProcess(synchronize, False, process_id)  # noqa: FBT003 - a C function
    if not handle:
        return bool(ctypes.get_last_error() == access_denied)  # type: ignore[attr-defined,unused-ignore]  # Windows only
    try:
        return bool(kernel.WaitForSingleObject(handle, 0) == still_waiting)
    finally:
        kernel.CloseHandle(handle)
