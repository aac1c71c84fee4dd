package com.example.policy;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Records as JSON in snake_case; nulls are left out, times are RFC 3339. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(usual -> usual.withValueInclusion(Include.NON_NULL))
          .build();

  private Json() {}

  static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }
}
