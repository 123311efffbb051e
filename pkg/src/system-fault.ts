// What the system says against writing a file, in words: for journals and for reports.

export interface SystemFault {
  /** Such as `the disk is full`. */
  readonly what: string;
  /** A sentence. */
  readonly fix: string;
  /** It may be written there later. */
  readonly passes: boolean;
}

const never = (what: string, fix: string): SystemFault => ({ what, fix, passes: false });
const later = (what: string, fix: string): SystemFault => ({ what, fix, passes: true });

const notAllowed = never(
  "you may not write it or its folder",
  "Name another file, or give yourself permission to write both.",
);

const faults: Readonly<Record<string, SystemFault>> = {
  ENOENT: never("its folder is not there", "Make the folder, or name another one."),
  ENOTDIR: never("a part of the path is not a folder", "Check the path."),
  EISDIR: never("it is a folder", "Name a file in it."),
  EACCES: notAllowed,
  EPERM: notAllowed,
  EROFS: never("its file system is read-only", "Name a file elsewhere."),
  ENOSPC: later("the disk is full", "Make room on the disk."),
  EDQUOT: later("the quota of the disk is used up", "Make room on the disk."),
  EFBIG: later("no file may be so large here", "Raise the limit on the size of files."),
  ENAMETOOLONG: never("no file can have so long a name", "Name another file."),
  ERR_INVALID_ARG_VALUE: never("no file can have such a name", "Name another file."),
};

/** @param code as Node names it, such as `ENOSPC` */
export function writeFault(code: string): SystemFault {
  return faults[code] ?? never(`the system refuses it (${code})`, "Check the path and the disk.");
}
