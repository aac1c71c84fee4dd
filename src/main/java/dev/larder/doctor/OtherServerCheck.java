package dev.larder.doctor;

import dev.larder.settings.Location;
import dev.larder.settings.Setting;
import dev.larder.store.StoreLock.Holder;
import dev.larder.store.StoreLock.Owner;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a location beside {@code primary} is the one of a server that has another. */
final class OtherServerCheck implements Check {
  @Override
  public String subject() {
    return "servers of other locations";
  }

  @Override
  public List<Finding> look(Scene scene) {
    Owner owner = scene.server().orElse(null);
    if (owner == null || scene.location().isPrimary() || ofPrimary(scene, owner)) {
      return List.of();
    }
    return List.of(
        scene.machine().servers().settings(owner).isEmpty()
            ? ServerCheck.silent(scene, owner)
            : Finding.of(
                Code.LOCATION_TAKEN,
                "The location %s belongs to %s, which serves it alone."
                    .formatted(scene.location(), owner),
                without(scene, scene.location())));
  }

  /** A server holds the locks of all its locations. */
  private static boolean ofPrimary(Scene scene, Owner owner) {
    Optional<Holder> holder = Doctor.holder(scene.settings().home().resolve("larder"));
    return holder.filter(Holder::held).flatMap(Holder::owner).filter(owner::equals).isPresent();
  }

  /** Takes the location out of these settings. */
  private static String without(Scene scene, Location location) {
    String others =
        scene.settings().locations().stream()
            .filter(each -> each.variable().equals(Setting.LOCATIONS.variable()))
            .filter(each -> !each.equals(location))
            .map(each -> each.name() + "=" + each.root())
            .collect(Collectors.joining(","));
    return others.isEmpty() || !location.variable().equals(Setting.LOCATIONS.variable())
        ? Shell.remove(location.variable(), location.place())
        : Shell.export(location.variable(), others);
  }
}
