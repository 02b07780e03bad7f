/** Swimmer: three rods in a row in a thick fluid, seen from above (x and y). Nothing touches anything. */
export const swimmerModel = `
<mujoco model="swimmer">
  <option timestep="0.01" integrator="RK4" density="4000" viscosity="0.1"/>
  <size memory="256K"/>

  <default>
    <geom type="capsule" size="0.1" contype="0" conaffinity="0" condim="1"/>
    <joint type="hinge" axis="0 0 1" armature="0.1"/>
    <motor ctrllimited="true" ctrlrange="-1 1" gear="150"/>
  </default>

  <worldbody>
    <geom name="floor" type="plane" pos="0 0 -0.1" size="40 40 0.1" condim="3"/>

    <body name="torso">
      <joint name="slider1" type="slide" axis="1 0 0"/>
      <joint name="slider2" type="slide" axis="0 1 0"/>
      <joint name="free_body_rot"/>
      <geom fromto="1.5 0 0 0.5 0 0"/>

      <body name="mid" pos="0.5 0 0">
        <joint name="motor1_rot" limited="true" range="-100 100"/>
        <geom fromto="0 0 0 -1 0 0"/>

        <body name="back" pos="-1 0 0">
          <joint name="motor2_rot" limited="true" range="-100 100"/>
          <geom fromto="0 0 0 -1 0 0"/>
        </body>
      </body>
    </body>
  </worldbody>

  <actuator>
    <motor joint="motor1_rot"/>
    <motor joint="motor2_rot"/>
  </actuator>
</mujoco>
`;
