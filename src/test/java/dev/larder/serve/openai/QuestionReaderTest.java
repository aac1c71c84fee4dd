package dev.larder.serve.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.serve.openai.Question.Format;
import dev.larder.serve.openai.Question.Input;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionReaderTest {
  private static final String URL = "data:image/png;base64,iVBORw==";
  private static final byte[] PNG = Base64.getDecoder().decode("iVBORw==");

  private static Question read(String json) {
    return QuestionReader.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> texts(String input) {
    return ((Input.Texts) read("{\"model\":\"m\",\"input\":" + input + "}").input()).texts();
  }

  private static List<byte[]> images(String input) {
    return ((Input.Images) read("{\"model\":\"m\",\"input\":" + input + "}").input()).files();
  }

  @Test
  void everything_isRead_andWhatIsUnknownPassedOver() {
    Question question =
        read(
            """
            {"extra": {"deep": [1, {"model": "no"}]}, "input": ["a b", "é"], "model": "org/name",
             "encoding_format": "base64", "dimensions": 64, "user": "ann", "prompt_name": "query"}
            """);

    assertThat(question.model()).isEqualTo("org/name");
    assertThat(question.input()).isEqualTo(new Input.Texts(List.of("a b", "é")));
    assertThat(question.format()).isEqualTo(Format.BASE64);
    assertThat(question.dimensions()).hasValue(64);
    assertThat(question.user()).contains("ann");
    assertThat(question.prompt()).contains("query");
  }

  @Test
  void little_isEnough_andNullIsNothing() {
    Question question =
        read("{\"model\":\"m\",\"input\":\"a\",\"dimensions\":null,\"user\":null,\"extra\":null}");

    assertThat(question.format()).isEqualTo(Format.FLOAT);
    assertThat(question.dimensions()).isEmpty();
    assertThat(question.user()).isEmpty();
    assertThat(question.prompt()).isEmpty();
  }

  @Test
  void texts_haveManyShapes() {
    assertThat(texts("\"a\"")).containsExactly("a");
    assertThat(texts("[\"a\",\"b\"]")).containsExactly("a", "b");
    assertThat(texts("[{\"type\":\"text\",\"text\":\"a\"}]")).containsExactly("a");
    assertThat(texts("\"data: about images\"")).containsExactly("data: about images");
    assertThat(texts("\"\\ud83d\\ude00 \\ud83d!\"")).containsExactly("😀 \ufffd!");
  }

  @Test
  void images_haveManyShapes() {
    for (String shape :
        List.of(
            "\"%s\"",
            "[\"%s\"]",
            "{\"image_url\":\"%s\"}",
            "[{\"image_url\":{\"url\":\"%s\",\"detail\":\"low\"}}]",
            "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}]")) {
      assertThat(images(shape.formatted(URL))).as(shape).containsExactly(PNG);
    }
    assertThat(images("[\"DATA:image/PNG;BASE64,iVBORw==\"]")).containsExactly(PNG);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[]                                        | empty list",
        "''                                        | must not be empty",
        "['a','']                                  | must not be empty",
        "[1,2]                                     | token ids",
        "[[1,2],[3]]                               | token ids",
        "12                                        | token ids",
        "['a',1.5]                                 | token ids",
        "true                                      | a text or a list",
        "['a',null]                                | a text or a list",
        "[{}]                                      | 'image_url' or 'text'",
        "[{'text':1}]                              | 'text' must be a string",
        "[{'image_url':7}]                         | must be a string",
        "[{'image_url':{'url':[]}}]                | must be a string",
        "[{'image_url':{}}]                        | 'image_url' or 'text'",
        "[{'image_url':'https://example.org/a'}]   | none is fetched",
        "['data:image/png;base64,']                | must not be empty",
        "['data:image/png;base64,!!']              | not valid",
        "['data:image/png,abc']                    | must be base64",
        "['data:image/png']                        | must be base64",
        "['data:image/png;base64,iVBORw==','a']    | not both",
      })
  void wrongInput_isNamed(String input, String said) {
    String json = "{\"model\":\"m\",\"input\":" + input.strip().replace('\'', '"') + "}";

    BadParameter wrong = catchThrowableOfType(BadParameter.class, () -> read(json));

    assertThat(wrong.parameter()).isEqualTo("input");
    assertThat(wrong.explanation()).contains(said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'input':'a'}                                      | model           | missing",
        "{'model':'','input':'a'}                           | model           | missing",
        "{'model':1,'input':'a'}                            | model           | must be a string",
        "{'model':'m'}                                      | input           | missing",
        "{'model':'m','input':null}                         | input           | missing",
        "{'model':'m','input':'a','encoding_format':'hex'}  | encoding_format | 'float' or 'base64'",
        "{'model':'m','input':'a','encoding_format':1}      | encoding_format | must be a string",
        "{'model':'m','input':'a','dimensions':0}           | dimensions      | at least 1",
        "{'model':'m','input':'a','dimensions':-3}          | dimensions      | at least 1",
        "{'model':'m','input':'a','dimensions':1.5}         | dimensions      | whole number",
        "{'model':'m','input':'a','dimensions':'64'}        | dimensions      | whole number",
        "{'model':'m','input':'a','dimensions':99999999999} | dimensions      | whole number",
        "{'model':'m','input':'a','user':{}}                | user            | must be a string",
        "{'model':'m','input':'a','prompt_name':[]}         | prompt_name     | must be a string",
      })
  void wrongField_isNamed(String json, String parameter, String said) {
    BadParameter wrong =
        catchThrowableOfType(BadParameter.class, () -> read(json.strip().replace('\'', '"')));

    assertThat(wrong.parameter()).isEqualTo(parameter.strip());
    assertThat(wrong.explanation()).contains(parameter.strip(), said.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"a\"",
        "{",
        "{\"model\":\"m\",\"input\":[\"a\"",
        "{\"model\":\"m\",\"input\":[{\"text\":",
        "{\"model\":\"m\",\"input\":\"a\"} {}",
        "{\"model\":\"m\",\"input\":\"a\",\"dimensions\":NaN}",
        "{\"model\":\"m\",\"input\":\"a\",}",
        "\u0000\u0001",
      })
  void whatIsNoObject_isRefusedAsAWhole(String body) {
    BadParameter wrong = catchThrowableOfType(BadParameter.class, () -> read(body));

    assertThat(wrong.parameter()).isEmpty();
    assertThat(wrong.explanation()).startsWith("The request's body cannot be used");
  }

  @Test
  void nestingWithoutEnd_isRefused() {
    String deep = "{\"model\":\"m\",\"input\":\"a\",\"extra\":" + "[".repeat(1_000_000);

    BadParameter wrong = catchThrowableOfType(BadParameter.class, () -> read(deep));

    assertThat(wrong.explanation()).contains("nesting depth");
  }

  @Test
  void moreThan2048_areTooMany() {
    String all = "\"a\",".repeat(2047) + "\"a\"";

    assertThat(texts("[" + all + "]")).hasSize(2048);
    BadParameter wrong =
        catchThrowableOfType(BadParameter.class, () -> texts("[" + all + ",\"a\"]"));
    assertThat(wrong.explanation()).contains("2048 elements at most");
  }
}
