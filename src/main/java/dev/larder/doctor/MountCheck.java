package dev.larder.doctor;

import dev.larder.doctor.Mounts.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What kind of file system the cache lies on, as the kernel's list of mounts tells. */
final class MountCheck implements Check {
  private static final Set<String> LAYERS =
      Set.of("overlay", "overlayfs", "aufs", "unionfs", "fuse.fuse-overlayfs");
  private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs", "rootfs");
  private static final Set<String> NETWORK =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb3",
          "smbfs",
          "ncpfs",
          "afs",
          "9p",
          "ceph",
          "glusterfs",
          "lustre",
          "gpfs",
          "beegfs",
          "orangefs",
          "pvfs2",
          "ocfs2",
          "gfs2",
          "virtiofs",
          "vboxsf");

  private static final Set<String> LINKLESS =
      Set.of("vfat", "msdos", "exfat", "ntfs", "ntfs3", "fuseblk");

  @Override
  public String subject() {
    return "mounts";
  }

  @Override
  public List<Finding> look(Scene scene) {
    List<Finding> findings = new ArrayList<>();
    Mount store = scene.mounts().of(Places.real(scene.larder())).orElse(null);
    if (store == null) {
      return findings;
    }
    store(scene, store, findings);
    scene
        .mounts()
        .of(Places.real(scene.hub()))
        .filter(hub -> network(hub) && !network(store))
        .ifPresent(hub -> findings.add(hub(scene, hub)));
    return findings;
  }

  private static void store(Scene scene, Mount mount, List<Finding> into) {
    Path home = scene.home();
    if (network(mount)) {
      into.add(
          Finding.of(
              Code.NETWORK_FILE_SYSTEM,
              "%s lies on %s, a file system of type %s.".formatted(home, mount.at(), mount.type()),
              toLocal(scene)));
    } else if (LAYERS.contains(mount.type()) && mount.at().getNameCount() == 0) {
      into.add(
          Finding.of(
              Code.CACHE_VANISHES,
              "%s lies on the %s file system that is the root of this %s."
                  .formatted(
                      home,
                      mount.type(),
                      scene
                          .process()
                          .container()
                          .map(sign -> "container (" + sign + ")")
                          .orElse("system")),
              "docker run -v larder%s:%s IMAGE"
                  .formatted(
                      scene.location().isPrimary() ? "" : "-" + scene.location().name(),
                      Shell.quoted(home))));
    } else if (MEMORY.contains(mount.type())) {
      into.add(
          Finding.of(
              Code.CACHE_IN_MEMORY,
              "%s lies on %s, a file system in memory (%s)."
                  .formatted(home, mount.at(), mount.type()),
              toLocal(scene)));
    }
    if (mount.readOnly()) {
      into.add(
          Finding.of(
              Code.MOUNTED_READ_ONLY,
              "%s lies on %s, which is mounted read-only.".formatted(home, mount.at()),
              "sudo mount -o remount,rw " + Shell.quoted(mount.at())));
    }
  }

  private static Finding hub(Scene scene, Mount mount) {
    return Finding.of(
        Code.NETWORK_CACHE_DIRECTORY,
        "%s lies on %s, a file system of type %s.".formatted(scene.hub(), mount.at(), mount.type()),
        scene.location().isPrimary()
            ? Shell.export("HF_HUB_CACHE", scene.home().resolve("hub"))
            : toLocal(scene));
  }

  private static boolean network(Mount mount) {
    String type = mount.type();
    return NETWORK.contains(type)
        || (type.startsWith("fuse") && !LAYERS.contains(type) && !type.equals("fuseblk"));
  }

  /** Puts the location on a disk of this machine. */
  static String toLocal(Scene scene) {
    return scene.location().isPrimary()
        ? Shell.export("LARDER_HOME", local(scene))
        : "larder move %s DIR".formatted(scene.location().name());
  }

  /** A place that is likely to be there. */
  private static Path local(Scene scene) {
    Path usual = scene.machine().sources().userHome().resolve(".cache/huggingface");
    boolean sound =
        scene
            .mounts()
            .of(Places.real(usual))
            .filter(mount -> !network(mount))
            .filter(mount -> !MEMORY.contains(mount.type()) && !LINKLESS.contains(mount.type()))
            .isPresent();
    return sound ? usual : Path.of("/var/lib/larder");
  }
}
