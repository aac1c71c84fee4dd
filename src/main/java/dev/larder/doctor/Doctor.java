package dev.larder.doctor;

import dev.larder.content.LarderException;
import dev.larder.doctor.Finding.Outcome;
import dev.larder.settings.Examination;
import dev.larder.settings.Location;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLock;
import dev.larder.store.StoreLock.Holder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks every {@link Check}, and applies the remedies that can do no harm when that is wanted. */
public final class Doctor {
  private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);

  private static final List<Check> OF_THE_MACHINE =
      List.of(
          new SettingsCheck(),
          new PythonPathsCheck(),
          new EndpointCheck(),
          new ServerCheck(),
          new SecretCheck(),
          new OldLayoutCheck(),
          new UpstreamCheck(),
          new TokenCheck(),
          new ProxyCheck(),
          new ClockCheck(),
          new DescriptorCheck());

  /** What it finds is all there is to say of a location that is not there. */
  private static final Check LOCATION = new LocationCheck();

  private static final List<Check> OF_EACH_LOCATION =
      List.of(
          new RootCheck(),
          new MountCheck(),
          new FileSystemCheck(),
          new SpaceCheck(),
          new OwnerCheck(),
          new ModeCheck(),
          new BlobModeCheck(),
          new TreeModeCheck(),
          new LockCheck(),
          new OtherServerCheck(),
          new SoftLockCheck(),
          new IncompleteCheck(),
          new AttemptCheck(),
          new CatalogCheck(),
          new TreeCheck(),
          new InPlaceCheck(),
          new HubRootCheck(),
          new DateCheck());

  private final Machine machine;

  public Doctor(Machine machine) {
    this.machine = machine;
  }

  /** {@code offline}: ask nobody outside. {@code fix}: mend what can be mended without harm. */
  public Report examine(boolean offline, boolean fix) {
    Examination examination = Examination.of(machine.sources());
    Instant now = machine.clock().instant();
    List<Scene> scenes =
        examination.settings().locations().stream()
            .map(location -> scene(examination, location, now, offline))
            .toList();
    List<Finding> findings = new ArrayList<>();
    OF_THE_MACHINE.forEach(check -> findings.addAll(look(check, scenes.getFirst())));
    scenes.forEach(scene -> findings.addAll(inLocation(scene)));
    findings.sort(Comparator.comparing(finding -> finding.code().severity()));
    return new Report(
        fix ? findings.stream().map(Doctor::fixed).toList() : findings,
        Stream.of(OF_THE_MACHINE, List.of(LOCATION), OF_EACH_LOCATION)
            .flatMap(List::stream)
            .map(Check::subject)
            .toList(),
        scenes.stream().map(scene -> scene.location().name()).toList());
  }

  private Scene scene(Examination examination, Location location, Instant now, boolean offline) {
    return new Scene(
        machine,
        examination,
        location,
        LocalDisk.fenced(location.hub()),
        ThisProcess.of(machine.root()),
        Mounts.read(machine.root()),
        holder(location.root().resolve("larder")),
        now,
        offline || examination.settings().offline());
  }

  private static List<Finding> inLocation(Scene scene) {
    List<Finding> findings = new ArrayList<>(look(LOCATION, scene));
    if (findings.isEmpty()) {
      OF_EACH_LOCATION.forEach(check -> findings.addAll(look(check, scene)));
    }
    return findings.stream().map(finding -> finding.in(scene.location().name())).toList();
  }

  static Optional<Holder> holder(Path larder) {
    try {
      return Optional.of(StoreLock.look(larder));
    } catch (IOException e) {
      LOG.debug("LOCK cannot be read", e);
      return Optional.empty();
    }
  }

  private static List<Finding> look(Check check, Scene scene) {
    try {
      return check.look(scene);
    } catch (IOException | RuntimeException e) {
      LOG.debug("a check failed", e);
      String what = "%s could not be looked at: %s".formatted(capital(check.subject()), reason(e));
      return List.of(Finding.of(Code.CHECK_FAILED, what, "ls -la " + Shell.quoted(scene.home())));
    }
  }

  private static String reason(Exception e) {
    return e instanceof LarderException known ? known.explanation() : e + ".";
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static Finding fixed(Finding finding) {
    return finding.remedy().map(remedy -> finding.after(apply(remedy))).orElse(finding);
  }

  private static Outcome apply(Finding.Remedy remedy) {
    try {
      return new Outcome.Fixed(remedy.apply());
    } catch (IOException | RuntimeException e) {
      LOG.debug("a remedy failed", e);
      return new Outcome.NotFixed(e.toString());
    }
  }
}
