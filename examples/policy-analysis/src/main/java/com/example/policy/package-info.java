/** Finds clauses of insurance policies that say the same, with models that all requests share. */
package com.example.policy;
