package dev.larder.doctor;

import dev.larder.store.StoreLock.Holder;
import dev.larder.store.StoreLock.Owner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code LOCK}. One that nobody holds is no finding, whatever it says: the kernel gives it back
 * when its holder dies.
 */
final class LockCheck implements Check {
  @Override
  public String subject() {
    return "the store's lock";
  }

  @Override
  public List<Finding> look(Scene scene) {
    Path file = scene.larder().resolve("LOCK");
    if (scene.holder().isEmpty()
        && Files.isDirectory(scene.home())
        && Files.isExecutable(scene.home())) {
      return List.of(
          Finding.of(
              Code.LOCK_FOREIGN,
              "%s cannot be read by this user.".formatted(file),
              Owners.take(scene, scene.larder())));
    }
    Holder holder = scene.holder().orElse(Holder.NOBODY);
    // One that has an address is asked: it may well run in a container.
    Optional<Owner> gone =
        holder
            .owner()
            .filter(owner -> owner.address().isEmpty() && !scene.process().runs(owner.pid()));
    if (!holder.held() || gone.isEmpty()) {
      return List.of();
    }
    return List.of(
        Finding.of(
            Code.LOCK_WITHOUT_OWNER,
            "%s is held, but process %d, which it names, does not run here."
                .formatted(file, gone.get().pid()),
            "fuser -v " + Shell.quoted(file)));
  }
}
