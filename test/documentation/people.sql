CREATE SCHEMA hr;
CREATE TABLE hr.employees (employee_no integer, full_name text, email text, fte numeric, job_code text, manager_no integer);
INSERT INTO hr.employees VALUES (10042, 'Ana Alves', 'ana@example.com', 0.8, 'AGENT', 10001), (10001, 'Eva Ek', 'eva@example.com', 1, 'HEAD', NULL);
CREATE TABLE hr.departments (department_id text, name text, parent_id text);
INSERT INTO hr.departments VALUES ('all', 'All', NULL), ('service', 'Service', 'all');
CREATE TABLE hr.assignments (employee_no integer, department_id text, valid_from date, valid_to date);
INSERT INTO hr.assignments VALUES (10042, 'service', '2025-01-01', NULL);
