/**
 * A container of a pod as a process: the image's programs, BusyBox and nothing else on PATH, a root that cannot be
 * written, and the volume at its place. It needs no image and no daemon, only a mount namespace.
 */
import { run, UNPRIVILEGED, ROOT, type Ended } from "./processes";
import { namespaces, type Tools } from "./tools";

export interface Container {
  readonly name: string;
  /** With its arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where the pod's volume is mounted. */
  readonly scratchPath: string;
}

export interface Place {
  readonly tools: Tools;
  /** The certificate of the store, which is `/image/store.pem` then. */
  readonly certificate: string;
  /** An empty folder that becomes the root. */
  readonly root: string;
  /** The folder of the pod's volume. */
  readonly scratch: string;
  /** KiB of a volume that is full soon, instead of the folder. */
  readonly scratchKib?: number | undefined;
}

/** Libraries and certificates are this machine's; PATH has the programs of both images and BusyBox' only. */
const ENTER = `set -eu
root=$1 scratch=$2 path=$3 size=$4 client=$5 busybox=$6 files=$7 id=$8
shift 8
chroot=$(command -v chroot)
mount -t tmpfs -o size=1m,mode=755 tmpfs "$root"
cd "$root"
for dir in usr lib lib64 etc dev; do
  if [ -L "/$dir" ]; then cp -P "/$dir" "$dir"
  elif [ -d "/$dir" ]; then mkdir "$dir" && mount --rbind "/$dir" "$dir"
  fi
done
mkdir -p bin proc image/client ".$path"
mount -t proc proc proc
mount --rbind "$client" image/client
for file in $files; do
  touch "image/\${file##*/}"
  mount --bind "$file" "image/\${file##*/}"
done
for applet in $("$busybox" --list); do ln -s ../image/busybox "bin/$applet"; done
mount --bind "$scratch" ".$path"
if [ -n "$size" ]; then mount -t tmpfs -o "size=\${size}k,mode=777" tmpfs ".$path"; fi
mount -o remount,bind,ro "$root"
export PATH=/image/client/bin:/image:/bin
[ -z "$id" ] || id="--reuid=$id --regid=$id --clear-groups"
exec "$chroot" "$root" /usr/bin/setpriv $id --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
`;

/** Runs a container to its end. */
export function runContainer(
  { command, env, scratchPath }: Container,
  { tools, certificate, root, scratch, scratchKib }: Place,
): Promise<Ended> {
  const { client, rclone, busybox } = tools;
  const files = [rclone, busybox, certificate];
  return run(
    [
      ...["unshare", ...namespaces(), "sh", "-c", ENTER, "container"],
      ...[root, scratch, scratchPath, scratchKib === undefined ? "" : String(scratchKib)],
      ...[client.replace(/\/bin$/u, ""), busybox, files.join(" ")],
      ROOT ? String(UNPRIVILEGED) : "",
      ...command,
    ],
    { env: { ...env, PATH: process.env["PATH"] ?? "" } },
  );
}
