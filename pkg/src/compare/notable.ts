// What an approver has to see of a comparison. docs/changes.md lists the codes, and a test compares the list.
import type { OcisignError } from "../error.ts";
import { dateOf } from "../shown/date.ts";
import type { Change, FileMark, Notable, PlatformChange, PlatformChanges } from "./changes.ts";
import type { Compared } from "./compare-platform.ts";
import { platformText } from "./pairs.ts";

/** All codes, the most important first. What could not be read comes first of all: it may be anything. */
const codes = [
  ...["unreadable", "user-root", "entrypoint", "command", "working-directory", "health-check"],
  ...["file-setuid", "file-setgid"],
  ...["file-capabilities", "file-device"],
  ...[
    "variable-loads-code",
    "platform-added",
    "platform-removed",
    "no-shared-layer",
    "base-replaced",
    "base-older",
  ],
  ...[
    "created-earlier",
    "source",
    "user",
    "variable-secret",
    "variable-reroutes",
    "layer-content",
    "layer-foreign",
  ],
  ...["on-build", "file-unusual-place", "file-world-writable"],
] as const;

type Code = (typeof codes)[number];

interface Finding extends Notable {
  readonly code: Code;
}

/** Variables by which programs load code that no command names. */
const loading = anyOf(
  "",
  // The linker, the C library, shells.
  ...[
    "LD_(?:PRELOAD|LIBRARY_PATH|AUDIT|ORIGIN_PATH)",
    "GCONV_PATH",
    "LOCPATH",
    "PATH",
    "BASH_ENV",
    "ENV",
    "ZDOTDIR",
  ],
  ...["PROMPT_COMMAND", "PS[04]", "SHELLOPTS", "BASHOPTS", "BASH_FUNC_.*", "LESSOPEN", "LESSCLOSE"],
  // Languages.
  ...["PYTHON(?:PATH|HOME|STARTUP|BREAKPOINT|USERBASE|INSPECT|WARNINGS|EXECUTABLE|PYCACHEPREFIX)"],
  ...["NODE_(?:OPTIONS|PATH|REPL_EXTERNAL_MODULE)", "BUN_(?:OPTIONS|INSPECT_PRELOAD)"],
  ...[
    "PERL5(?:LIB|OPT|DB)",
    "PERLLIB",
    "RUBY(?:OPT|LIB|SHELL)",
    "GEM_(?:PATH|HOME)",
    "BUNDLE_GEMFILE",
    "LUA_(?:INIT|C?PATH)(?:_\\d_\\d)?",
  ],
  ...[
    "(?:JAVA_TOOL|_JAVA|JDK_JAVA|JAVA|CATALINA|JVM|MAVEN|GRADLE|SBT)_OPT(?:ION)?S",
    "JAVA_HOME",
    "JRE_HOME",
    "CLASSPATH",
  ],
  ...[
    "DOTNET_(?:STARTUP_HOOKS|ADDITIONAL_DEPS|SHARED_STORE|ROOT)",
    "(?:CORECLR|COR)_(?:ENABLE_PROFILING|PROFILER(?:_PATH.*)?)",
  ],
  ...[
    "PHP_INI_SCAN_DIR",
    "PHPRC",
    "ERL_(?:Z|A)?FLAGS",
    "ERL_LIBS",
    "R_(?:PROFILE(?:_USER)?|ENVIRON(?:_USER)?|LIBS(?:_USER|_SITE)?)",
    "JULIA_(?:LOAD|DEPOT)_PATH",
    "GUILE_LOAD(?:_COMPILED)?_PATH",
  ],
  // Libraries and tools that load others, or start what a variable names.
  ...[
    "OPENSSL_(?:CONF|ENGINES|MODULES)",
    "GIT_(?:SSH(?:_COMMAND)?|EXEC_PATH|TEMPLATE_DIR|ASKPASS|PAGER|(?:SEQUENCE_)?EDITOR|EXTERNAL_DIFF|PROXY_COMMAND|CONFIG(?:_.*)?)",
  ],
  ...[
    "GTK_MODULES",
    "GIO_(?:EXTRA_MODULES|MODULE_DIR)",
    "QT_PLUGIN_PATH",
    "VK_(?:ICD_FILENAMES|LAYER_PATH|ADD_LAYER_PATH)",
    "OCL_ICD_.*",
    "LIBGL_DRIVERS_PATH",
    "GST_PLUGIN(?:_SYSTEM)?_PATH.*",
  ],
  ...["SSH_ASKPASS", "SUDO_ASKPASS", "EDITOR", "VISUAL", "PAGER", "BROWSER", "SHELL"],
);
/** Variables that lead connections elsewhere, or say whose certificates are trusted. */
const rerouting = anyOf(
  "i",
  ...[
    "(?:https?|all|ftp|no|socks5?|rsync|grpc)_proxy",
    "npm_config_(?:https?_?)?proxy",
    "HOSTALIASES",
    "RES_OPTIONS",
    "LOCALDOMAIN",
  ],
  ...[
    "SSL_CERT_(?:FILE|DIR)",
    "SSLKEYLOGFILE",
    "NODE_EXTRA_CA_CERTS",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "PYTHONHTTPSVERIFY",
  ],
  ...[
    "(?:REQUESTS|CURL|AWS)_CA_BUNDLE",
    "CURL_HOME",
    "WGETRC",
    "GIT_SSL_(?:NO_VERIFY|CAINFO|CAPATH)",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
    "DENO_(?:CERT|TLS_CA_STORE)",
    "PERL_LWP_SSL_.*",
    "HTTPS_CA_(?:FILE|DIR)",
  ],
  // Where packages and images come from, and which service is asked.
  ...[
    "(?:npm_config|yarn_npm|pnpm_config|bun_config)_registry(?:_server)?",
    "(?:PIP|UV)_(?:EXTRA_)?INDEX(?:_URL)?",
    "PIP_(?:TRUSTED_HOST|CONFIG_FILE)",
    "GO(?:PROXY|NOSUMDB|NOSUMCHECK|SUMDB|INSECURE|NOPROXY|PRIVATE|FLAGS)",
  ],
  ...["AWS_ENDPOINT_URL(?:_.*)?", "DOCKER_(?:HOST|TLS_VERIFY|CONTENT_TRUST)", "KRB5_CONFIG", "KUBECONFIG"],
);

function anyOf(flags: "" | "i", ...names: string[]): RegExp {
  return new RegExp(`^(?:${names.join("|")})$`, flags);
}

/** Where the sources are, as the OCI image spec names it ("Annotations"). */
const source = "org.opencontainers.image.source";
/** What reproducible builders write in place of a time lies before. */
const firstRealYear = 2000;

/**
 * What is notable of all platforms: each once, if it is the same of all of them.
 *
 * @param others how many platforms have the same image on both sides
 */
export function notableOf(compared: readonly Compared[], others: number): readonly Notable[] {
  const byPlatform = compared.map((one) => ({
    one,
    found: new Map(findingsOf(one).map((it) => [keyOf(it), it])),
  }));
  const isOfOne = compared.length + others === 1;
  const inBoth = compared.filter(({ change }) => change.state === "same").length;
  const counts = new Map<string, number>();
  for (const { found } of byPlatform) {
    for (const key of found.keys()) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const notables: Finding[] = [];
  const told = new Set<string>();
  for (const { one, found } of byPlatform) {
    const name = one.change.platform && platformText(one.change.platform);
    for (const [key, finding] of found) {
      const count = counts.get(key) ?? 0;
      const isOfAll = isOfOne || (others === 0 && count > 1 && count === inBoth);
      if (!isOfAll) notables.push(name === undefined ? finding : { ...finding, platform: name });
      else if (!told.has(key)) notables.push(finding);
      told.add(key);
    }
  }
  const rank = ({ code }: Finding) => codes.indexOf(code);
  return notables.sort((a, b) => rank(a) - rank(b));
}

function keyOf({ code, subject }: Finding): string {
  return JSON.stringify([code, subject]);
}

function findingsOf(compared: Compared): readonly Finding[] {
  const { change } = compared;
  switch (change.state) {
    case "unknown":
      return [{ code: "unreadable", subject: "platform" }];
    case "added":
      return [{ code: "platform-added" }, ...unreadable(change.after)];
    case "removed":
      return [{ code: "platform-removed" }];
    default:
      return inBothImages(change, compared);
  }
}

function inBothImages(
  change: Extract<PlatformChange, { readonly state: "same" | "changed" }>,
  { before, after }: Compared,
): readonly Finding[] {
  const changes = change.state === "same" ? change.value : change.after;
  const found: Finding[] = [
    ...unreadable(changes),
    ...ofUser(changes.user),
    ...ofVariables(changes),
    ...ofFiles(changes),
  ];
  const add = (code: Code, is: boolean, subject?: string) => {
    if (is) found.push(subject === undefined ? { code } : { code, subject });
  };
  add("entrypoint", differs(changes.entrypoint));
  add("command", differs(changes.command));
  add("working-directory", differs(changes.workingDirectory));
  add("health-check", differs(changes.healthCheck));
  const { others } = changes;
  add(
    "on-build",
    others.some((change) => change.name === "config.OnBuild" && change.state !== "removed"),
  );
  const gone = new Set(
    changes.layers.filter(({ state }) => state === "gone").map(({ layer }) => layer.digest),
  );
  for (const { state, layer } of changes.layers) {
    add("layer-content", state === "new" && gone.has(layer.digest), layer.digest);
    add("layer-foreign", state === "new" && layer.foreign, layer.digest);
  }
  const isShared = changes.layers.some(({ state }) => state === "same" || state === "moved");
  add("no-shared-layer", before.layers.length > 0 && after.layers.length > 0 && !isShared);
  const { base } = changes;
  const isReplaced = base.state === "changed" && base.before.name !== base.after.name;
  add("base-replaced", isReplaced, base.state === "changed" ? base.after.name : undefined);
  const isOtherBottom = before.layers[0]?.digest !== after.layers[0]?.digest;
  add("base-older", isOtherBottom && isEarlier(after.bottomMade, before.bottomMade));
  const { created } = changes;
  add("created-earlier", created.state === "changed" && isEarlier(created.after, created.before));
  const sources = [...changes.labels, ...changes.annotations].filter(({ name }) => name === source);
  add(
    "source",
    sources.some(({ state }) => state === "changed" || state === "removed"),
  );
  return found;
}

/** Of what is told with an error, each part; where all of a config could not be read, that. */
function unreadable(changes: PlatformChanges): Finding[] {
  const byError = new Map<OcisignError, string[]>();
  const parts: readonly (readonly [string, unknown])[] = Object.entries(changes);
  for (const [part, change] of parts) {
    for (const error of errorsIn(change)) byError.set(error, [...(byError.get(error) ?? []), part]);
  }
  const subjects = [...byError.values()].map((names) =>
    new Set(names).size > 1 ? "config" : (names[0] ?? ""),
  );
  return [...new Set(subjects)].map((subject) => ({ code: "unreadable", subject }));
}

function errorsIn(change: unknown): readonly OcisignError[] {
  const list = (Array.isArray(change) ? change : [change]) as readonly {
    state?: string;
    error?: OcisignError;
  }[];
  return list.flatMap((it) => (it?.state === "unknown" && it.error ? [it.error] : []));
}

function differs({ state }: Change<unknown>): boolean {
  return state === "changed" || state === "added" || state === "removed";
}

function ofUser(user: Change<string>): Finding[] {
  if (!differs(user)) return [];
  const [was, is] = ["before" in user ? user.before : "", "after" in user ? user.after : ""];
  if (isRoot(is) && isRoot(was)) return isGroupOnly(was, is) ? [] : [{ code: "user" }];
  return [{ code: isRoot(is) ? "user-root" : "user" }];
}

/** Without a user, an image runs as root. */
function isRoot(user: string): boolean {
  const [name = ""] = user.split(":");
  // Runtimes read numbers as Go does. On Windows, root has another name.
  return (
    name === "" ||
    /^[+-]?0+$/.test(name) ||
    /^(?:root|ContainerAdministrator|NT AUTHORITY\\SYSTEM)$/.test(name)
  );
}

/** The same person under another name, and no group beside. */
function isGroupOnly(was: string, is: string): boolean {
  return [was, is].every((user) => /^(?:root|[+-]?0+|)(?::(?:root|[+-]?0+))?$/.test(user));
}

function ofVariables({ environment }: PlatformChanges): Finding[] {
  return environment.flatMap((change): Finding[] => {
    const { name, state } = change;
    if (state !== "added" && state !== "changed") return [];
    const isNewSecret = change.after.masked && !(state === "changed" && change.before.masked);
    return [
      ...(loading.test(name) ? [{ code: "variable-loads-code", subject: name } as const] : []),
      ...(rerouting.test(name) ? [{ code: "variable-reroutes", subject: name } as const] : []),
      ...(isNewSecret ? [{ code: "variable-secret", subject: name } as const] : []),
    ];
  });
}

const codesOfMarks: Readonly<Partial<Record<FileMark, Code>>> = {
  setuid: "file-setuid",
  setgid: "file-setgid",
  capabilities: "file-capabilities",
  device: "file-device",
  unusualPlace: "file-unusual-place",
  worldWritable: "file-world-writable",
};

function ofFiles({ files }: PlatformChanges): Finding[] {
  if (files.state !== "compared") return [];
  return files.changes.flatMap(({ change, marks }) => {
    const file = "after" in change ? change.after : change.before;
    return marks.flatMap((mark): Finding[] => {
      const code = codesOfMarks[mark];
      return code ? [{ code, subject: file.path }] : [];
    });
  });
}

function isEarlier(one: string | undefined, other: string | undefined): boolean {
  const [first, second] = [dateOf(one), dateOf(other)];
  if (!first || !second) return false;
  const areReal = [first, second].every((date) => date.getUTCFullYear() >= firstRealYear);
  return areReal && first < second;
}
