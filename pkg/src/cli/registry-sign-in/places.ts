// Where docker and podman keep sign-ins: docker's config.json, and podman's auth.json as containers-auth.json(5) says.
import { join } from "node:path";
import { absolute, inHome } from "../own-folders.ts";

/** A place where sign-ins may be kept. */
export interface KeptPlace {
  /** What names it, for messages: a variable, or nothing where it is the usual place. */
  readonly named: string | undefined;
  readonly path: string;
}

/**
 * Where to look, in this order: what the environment names goes before the usual places, and docker's goes before
 * podman's. A place that the environment names stands in place of the usual ones of the same program.
 */
export function keptPlaces(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): KeptPlace[] {
  const { DOCKER_CONFIG: docker, REGISTRY_AUTH_FILE: podman } = env;
  const named: KeptPlace[] = [
    ...(docker ? [{ named: "DOCKER_CONFIG", path: join(docker, "config.json") }] : []),
    ...(podman ? [{ named: "REGISTRY_AUTH_FILE", path: podman }] : []),
  ];
  const usual = [
    docker ? undefined : inHome(".docker", "config.json"),
    ...(podman ? [] : podmansPlaces(env, platform)),
  ];
  return [...named, ...usual.flatMap((path) => (path === undefined ? [] : { named: undefined, path }))];
}

function podmansPlaces(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): (string | undefined)[] {
  const file = join("containers", "auth.json");
  const folder = absolute(env.XDG_CONFIG_HOME) ?? inHome(".config");
  const config = folder === undefined ? undefined : join(folder, file);
  if (platform !== "linux") return [config];
  const runtime = absolute(env.XDG_RUNTIME_DIR);
  const shared = join("/run/containers", String(process.getuid?.() ?? 0), "auth.json");
  return [runtime === undefined ? shared : join(runtime, file), config];
}
