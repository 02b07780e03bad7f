/** Reacher: an arm of two links on a table, seen from above (x and y), and a target that only the task moves. */
export const reacherModel = `
<mujoco model="reacher">
  <compiler angle="radian"/>
  <option timestep="0.01" integrator="RK4"/>
  <size memory="256K"/>

  <default>
    <geom type="capsule" contype="0" conaffinity="0" friction="1 0.1 0.1"/>
    <default class="side">
      <geom size="0.02"/>
    </default>
    <default class="link">
      <geom size="0.01" conaffinity="1"/>
    </default>
    <joint type="hinge" axis="0 0 1" armature="1" damping="1"/>
    <default class="target">
      <joint type="slide" limited="true" range="-0.27 0.27" armature="0" damping="0"/>
    </default>
    <motor ctrllimited="true" ctrlrange="-1 1" gear="200"/>
  </default>

  <worldbody>
    <geom name="ground" type="plane" size="1 1 10"/>
    <geom name="sideS" class="side" fromto="-0.3 -0.3 0.01 0.3 -0.3 0.01"/>
    <geom name="sideE" class="side" fromto="0.3 -0.3 0.01 0.3 0.3 0.01"/>
    <geom name="sideN" class="side" fromto="-0.3 0.3 0.01 0.3 0.3 0.01"/>
    <geom name="sideW" class="side" fromto="-0.3 -0.3 0.01 -0.3 0.3 0.01"/>
    <geom name="root" type="cylinder" fromto="0 0 0 0 0 0.02" size="0.011"/>

    <body name="body0" pos="0 0 0.01">
      <joint name="joint0"/>
      <geom name="link0" class="link" fromto="0 0 0 0.1 0 0"/>
      <body name="body1" pos="0.1 0 0">
        <joint name="joint1" limited="true" range="-3 3"/>
        <geom name="link1" class="link" fromto="0 0 0 0.1 0 0"/>
        <body name="fingertip" pos="0.11 0 0">
          <geom name="fingertip" class="link" type="sphere"/>
        </body>
      </body>
    </body>

    <body name="target" pos="0.1 -0.1 0.01">
      <joint name="target_x" class="target" axis="1 0 0" ref="0.1"/>
      <joint name="target_y" class="target" axis="0 1 0" ref="-0.1"/>
      <geom name="target" type="sphere" size="0.009"/>
    </body>
  </worldbody>

  <actuator>
    <motor joint="joint0"/>
    <motor joint="joint1"/>
  </actuator>
</mujoco>
`;
