package dev.larder.cli;

import dev.larder.content.FullDisk;
import dev.larder.content.LarderException;
import dev.larder.settings.SettingSources;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code larder}. {@link #run} does one command line and says what to exit with. */
public final class Cli {
  private static final String COMPLETION = "completion";

  private final Desk desk;
  private final GlobalOptions options = new GlobalOptions();

  public Cli(
      Workshop workshop, Terminal terminal, SettingSources surroundings, InstantSource clock) {
    desk = new Desk(workshop, terminal, surroundings, clock, options);
  }

  /** Never throws for what a user can cause. For one call. */
  public int run(String... arguments) {
    // The commonest question of scripts is answered without building the command tree.
    if (List.of(arguments).equals(List.of("--version"))) {
      desk.print(Version.line());
      return delivered(ExitCodes.DONE);
    }
    return delivered(commandLine(arguments).execute(arguments));
  }

  /** A script that keeps what was printed has to learn that a part of it is missing. */
  private int delivered(int code) {
    var failure = desk.terminal().undelivered();
    failure.ifPresent(
        e -> complain("Tried to print, but not all could be written: " + e.getMessage() + "."));
    desk.terminal().err().flush();
    if (failure.isEmpty() || code != ExitCodes.DONE) {
      return code;
    }
    return FullDisk.is(failure.get()) ? ExitCodes.NO_SPACE : ExitCodes.FAILED;
  }

  private CommandLine commandLine(String... arguments) {
    CommandLine root = new CommandLine(new RootCommand(desk));
    root.addMixin("global", options);
    Map<String, Supplier<Object>> commands = commands(root);
    Supplier<Object> only = arguments.length == 0 ? null : commands.get(arguments[0]);
    // Reading the annotations of all commands takes a third of the time until a server answers.
    if (only != null && !arguments[0].equals(COMPLETION)) {
      root.addSubcommand(only.get());
    } else {
      commands.values().forEach(command -> root.addSubcommand(command.get()));
    }
    root.setOut(desk.terminal().out());
    root.setErr(desk.terminal().err());
    root.setUsageHelpAutoWidth(false).setUsageHelpWidth(100);
    root.setParameterExceptionHandler((failure, _) -> misused(failure));
    root.setExecutionExceptionHandler((failure, _, _) -> failed(failure));
    return root;
  }

  /** By name, in the order of the help. */
  private Map<String, Supplier<Object>> commands(CommandLine root) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("demo", () -> new DemoCommand(desk));
    commands.put("serve", () -> new ServeCommand(desk));
    commands.put("pull", () -> new PullCommand(desk));
    commands.put("ls", () -> new LsCommand(desk));
    commands.put("rm", () -> new RmCommand(desk));
    commands.put("prune", () -> new PruneCommand(desk));
    commands.put("verify", () -> new VerifyCommand(desk));
    commands.put("why", () -> new WhyCommand(desk));
    commands.put("move", () -> new MoveCommand(desk));
    commands.put("backup", () -> new BackupCommand(desk));
    commands.put("restore", () -> new RestoreCommand(desk));
    commands.put("import", () -> new ImportCommand(desk));
    commands.put("export", () -> new ExportCommand(desk));
    commands.put("stats", () -> new StatsCommand(desk));
    commands.put("doctor", () -> new DoctorCommand(desk));
    commands.put("pin", this::pin);
    commands.put("models", this::models);
    commands.put("token", this::token);
    commands.put("env", () -> new EnvCommand(desk));
    commands.put("config", this::config);
    commands.put(
        COMPLETION, () -> new CompletionCommand(desk, () -> AutoComplete.bash("larder", root)));
    return commands;
  }

  private CommandLine config() {
    CommandLine config = new CommandLine(new ConfigCommand(desk));
    config.addSubcommand(new ConfigReferenceCommand(desk));
    return config;
  }

  private CommandLine pin() {
    CommandLine pin = new CommandLine(new PinCommand(desk));
    pin.addSubcommand(new PinAddCommand(desk));
    pin.addSubcommand(new PinLsCommand(desk));
    pin.addSubcommand(new PinRmCommand(desk));
    return pin;
  }

  private CommandLine models() {
    CommandLine models = new CommandLine(new ModelsCommand(desk));
    models.addSubcommand(new ModelsRegisterCommand(desk));
    models.addSubcommand(new ModelsLsCommand(desk));
    models.addSubcommand(new ModelsShowCommand(desk));
    models.addSubcommand(new ModelsBringCommand.Pull(desk));
    models.addSubcommand(new ModelsBringCommand.Load(desk));
    models.addSubcommand(new ModelsEndCommand.Unload(desk));
    models.addSubcommand(new ModelsEndCommand.Remove(desk));
    return models;
  }

  private CommandLine token() {
    CommandLine token = new CommandLine(new TokenCommand(desk));
    token.addSubcommand(new TokenCreateCommand(desk));
    token.addSubcommand(new TokenLsCommand(desk));
    token.addSubcommand(new TokenRevokeCommand(desk));
    token.addSubcommand(new GrantCommand.Give(desk));
    token.addSubcommand(new GrantCommand.Take(desk));
    return token;
  }

  private int misused(ParameterException failure) {
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    String hint =
        failure instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions().stream()
                .findFirst()
                .map(s -> "; did you mean '" + s + "'?")
                .orElse(".")
            : ".";
    String message =
        failure instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
            ? tooMany(unmatched)
            : String.valueOf(failure.getMessage()).lines().findFirst().orElse("wrong usage");
    complain(message.replaceAll("[.;]$", "") + hint + " See '" + command + " --help'.");
    return ExitCodes.USAGE;
  }

  /** In the words of who typed it: the library counts arguments and gives their indexes. */
  private static String tooMany(UnmatchedArgumentException failure) {
    var command = failure.getCommandLine().getCommandSpec();
    String first = failure.getUnmatched().getFirst();
    return command.subcommands().isEmpty()
        ? "'%s' takes no argument '%s'".formatted(command.qualifiedName(), first)
        : "there is no command '%s %s'".formatted(command.qualifiedName(), first);
  }

  private int failed(Exception failure) {
    if (failure instanceof LarderException known) {
      known.explanation().lines().forEach(this::complain);
    } else {
      complain(
          "something unforeseen went wrong: "
              + failure
              + (options.verbose ? "" : ". Run it again with --verbose for the details."));
    }
    if (options.verbose) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace, true));
      desk.terminal().err().print(trace);
    }
    return failure instanceof LarderException known ? ExitCodes.of(known) : ExitCodes.FAILED;
  }

  private void complain(String line) {
    desk.terminal().err().println("larder: " + Visible.of(line));
  }
}
